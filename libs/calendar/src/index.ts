export { addDays, addMonths, dayBefore, dayOf, daysBetween, isDay, isDayUpTo } from './calendar';
export { addWeeks, berlinDayOf, isWeek, mondayOf, weekAfter, weekOf, weeksBetween, weeksFrom } from './week';
