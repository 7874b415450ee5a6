import type { Command } from 'commander';
import { addErase, addReading } from './reading.ts';
import { addReceived } from './received.ts';
import { addTrust } from './trust.ts';
import { addVerify } from './verify.ts';
import { addWitness } from './witness.ts';

/** The record of every act, and the proof that none was altered. */
export function addLedger(program: Command): void {
  const ledger = program
    .command('ledger')
    .description('The record of every act, and the proof that none was altered.');
  addReading(ledger);
  addVerify(ledger);
  addReceived(ledger);
  addErase(ledger);
  addTrust(ledger);
  addWitness(ledger);
}
