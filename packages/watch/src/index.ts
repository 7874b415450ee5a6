/** What is normal, what departs from it, what that means, and when a device is in use. */
export { Baselines } from './baseline/baselines.ts';
export {
  type ClassBaseline,
  ClassBaselines,
  type HabitVerdict,
  habitKey,
  isYoung,
  type Kinds,
  LEAST_MEMBERS,
} from './baseline/class-baselines.ts';
export type { DeviceBaseline, Relation } from './baseline/device-baseline.ts';
export { type ApprovedAccessPoint, ApprovedAccessPoints } from './engine/access-points.ts';
export { addressKey, isGroup, isOutside } from './engine/address.ts';
export type { AlertRecord } from './engine/alert-book.ts';
export type { Denied, Governing } from './engine/governing.ts';
export type { NamedLogRule, OwnRules } from './engine/scene.ts';
export { readWatch, type WatchRead } from './engine/state.ts';
export { type Place, Watch, type WatchMode, type WatchOptions, type WatchState } from './engine/watch.ts';
export { defaultLimits, type WatchLimits } from './limits.ts';
export { type AnyRule, parseAnyRule } from './rules/any-rule.ts';
export {
  judgeOf,
  type Known,
  minuteOfWeekIn,
  type NamedRule,
  parseRule,
  RULE_CHARS,
  RULES,
  type Rule,
  type RuleDiagnostic,
  type RuleFacts,
  RuleTrial,
} from './rules/index.ts';
export { SIGMA_CHARS } from './sigma/limits.ts';
export { isSigma, parseSigma } from './sigma/read.ts';
export type { SigmaRule } from './sigma/rule.ts';
export { directoryOf, type KnownAsset } from './story/directory.ts';
export { type AlertGroup, groupsOf, rankOf, storiesOf, tellStory } from './story/stories.ts';
export { type DeviceFacts, type Directory, tellAlert } from './story/tell.ts';
export {
  type ActiveHours,
  addTrace,
  HOUR,
  hoursOf,
  type Listening,
  type Trace,
  traceOf,
  workBytes,
} from './usage/activity.ts';
export { isWatched, type Pieces, piecesOf } from './usage/listening.ts';
export { type HourOfWeek, hourOfWeekIn, isBetweenHours, usageReport, weekOf } from './usage/report.ts';
export {
  isKnown,
  safeWindowsOf,
  sharedWindowsOf,
  upperBound,
  WEEK_HOURS,
  type Week,
  type WeekHour,
  type WindowOptions,
} from './usage/windows.ts';
