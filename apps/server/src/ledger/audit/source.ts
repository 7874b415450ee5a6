import { hostname } from 'node:os';
import type { AuditSource } from '@wardline/formats';
import { VERSION } from '../../version.ts';

/** This server, as foreign audit trails name it. */
export const auditSource = (hospital: string): AuditSource => ({
  hospital,
  host: hostname(),
  version: VERSION,
});
