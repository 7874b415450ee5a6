/** The platform: intake, PostgreSQL, the public API and the console on one loopback address. */

export {
  BackupFault,
  makeBackupKeys,
  openStream,
  type Restored,
  restoreBackup,
  restoreFolder,
} from './backup/index.ts';
export { ConfigError, defaultDataDir, type StartOptions } from './config/config.ts';
export { configurationText } from './config/settings.ts';
export { controlsText } from './domains/compliance/index.ts';
export { modulePublicKey, moduleSignature, parsePkcs11Uri } from './keys/index.ts';
export { act } from './ledger/append.ts';
export { openApiDocument, openApiText } from './openapi.ts';
export { loadAuthorisation, permissionsText } from './permissions.ts';
export { type RunningServer, startServer } from './start.ts';
export { openDatabase } from './store/database.ts';
