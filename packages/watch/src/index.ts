/** What is normal, what departs from it, what that means, and when a device is in use. */
export {
  type ActiveHours,
  addTrace,
  HOUR,
  hoursOf,
  type Listening,
  type Trace,
  traceOf,
} from './usage/activity.ts';
export { type HourOfWeek, hourOfWeekIn, usageReport } from './usage/report.ts';
export { safeWindowsOf, upperBound, WEEK_HOURS, type WeekHour } from './usage/windows.ts';
