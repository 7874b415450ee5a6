/** Where sealed values lie. Whoever adds a table with secrets adds it here, so that they follow when keys are changed. */
export interface SealedColumn {
  table: string;
  column: string;
  /** The column by which a row is found. */
  row: string;
  /** Of whose key values are that were sealed before zones had keys. */
  zone: string;
  /** A column of text that was in clear before, and is emptied. */
  clear?: string;
}

/** How people sign in. */
export const ACCOUNTS = 'accounts';
/** What the platform itself signs and redacts by. */
export const PLATFORM = 'platform';

export const sealedColumns: readonly SealedColumn[] = [
  { table: 'totp', column: 'sealed', row: 'person', zone: ACCOUNTS },
  { table: 'password', column: 'sealed', row: 'person', zone: ACCOUNTS, clear: 'hash' },
  { table: 'secret', column: 'sealed', row: 'name', zone: PLATFORM },
  { table: 'device_secret_version', column: 'sealed', row: 'id', zone: PLATFORM },
  { table: 'authority_key', column: 'sealed', row: 'id', zone: PLATFORM },
  { table: 'alert_receiver', column: 'sealed', row: 'id', zone: PLATFORM },
];

/** The place that a value is bound to. */
export const placeIn = ({ table }: Pick<SealedColumn, 'table'>, row: string): string => `${table}/${row}`;
