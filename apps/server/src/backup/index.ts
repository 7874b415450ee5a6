/** Backups: one moment of everything, encrypted before it leaves, and a data folder made from it again. */

export { publishAnew } from './changes/slot.ts';
export { backupEvidence } from './evidence.ts';
export { BackupFault } from './frames.ts';
export { BackupAlarm } from './plan/alarm.ts';
export { standingOf } from './plan/list.ts';
export { BackupRounds } from './plan/rounds.ts';
export { backupPlanRoutes } from './plan/routes.ts';
export { backupTodo } from './plan/todo.ts';
export { type Restored, restoreBackup, restoreFolder } from './restore.ts';
export { backupRoutes } from './routes.ts';
export { makeBackupKeys, openStream } from './seal.ts';
