export { addDays, addMonths, dayBefore, dayOf, daysBetween, isDay, isDayUpTo } from './calendar';
