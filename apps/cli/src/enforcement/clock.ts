import { readFileSync } from 'node:fs';

/** Seconds since this machine started, sleep counted; nobody can set it. */
export const uptime = (): number => Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0]);

/** Another one after each start. */
export const bootId = (): string => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
