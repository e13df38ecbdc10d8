export { addDays, addMonths, dayBefore, dayOf, daysBetween, isDay, isDayUpTo } from './calendar';
export { addWeeks, berlinDayOf, isWeek, mondayOf, weekOf, weeksBetween, weeksFrom } from './week';
