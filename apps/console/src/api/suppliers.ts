import type { DeviceBackup, PurchaseDetails, Sanitisation, SupplierDetails } from '@wardline/model';
import { post, put } from './client.ts';

const at = (id: string) => encodeURIComponent(id);

/** Acts on suppliers, forms of makers, purchases and devices on their way from purchase to disposal. */
export const suppliers = {
  add: (details: SupplierDetails, reason: string) => post('/suppliers', { ...details, reason }),
  change: (id: string, revision: number, details: SupplierDetails, reason: string) =>
    put(`/suppliers/${at(id)}`, { ...details, revision, reason }),
  securityTxt: (id: string, text: string, reason: string) =>
    post(`/suppliers/${at(id)}/security-txt`, { text, reason }),
};

/** Takes a form in; what is none is refused with its place. */
export async function addForm(file: File, reason: string): Promise<void> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const parts: string[] = [];
  for (let start = 0; start < bytes.length; start += 32_768)
    parts.push(String.fromCharCode(...bytes.subarray(start, start + 32_768)));
  const body = { name: file.name, content: btoa(parts.join('')), reason };
  const { outcome, fault } = await post<{
    outcome: string;
    fault: { place: string; message: string } | null;
  }>('/mds2', body);
  if (outcome === 'refused')
    throw new Error(`${fault?.place ? `${fault.place}: ` : ''}${fault?.message ?? 'it is no form'}`);
}

export const purchases = {
  add: (details: PurchaseDetails, reason: string) => post('/purchases', { ...details, reason }),
  change: (id: string, revision: number, details: PurchaseDetails, reason: string) =>
    put(`/purchases/${at(id)}`, { ...details, revision, reason }),
  decide: (
    id: string,
    decision: string,
    conditions: readonly { text: string; due: string | null }[],
    reason: string,
  ) => post(`/purchases/${at(id)}/decision`, { decision, conditions, reason }),
  condition: (id: string, condition: string, met: boolean, reason: string) =>
    post(`/purchases/${at(id)}/conditions/${at(condition)}`, { met, reason }),
};

export const lifecycle = {
  move: (id: string, move: { to: string; purchase?: string; sanitisation?: Sanitisation }, reason: string) =>
    post(`/assets/${at(id)}/lifecycle`, { ...move, reason }),
  addBackup: (
    id: string,
    backup: { made: string; kind: DeviceBackup['kind']; place: string },
    reason: string,
  ) => post(`/assets/${at(id)}/backups`, { ...backup, reason }),
  tryBackup: (id: string, backup: number, tried: { day: string; how: string }, reason: string) =>
    post(`/assets/${at(id)}/backups/${backup}/tried`, { ...tried, reason }),
  loseBackup: (id: string, backup: number, reason: string) =>
    post(`/assets/${at(id)}/backups/${backup}/lost`, { reason }),
  identify: (id: string, code: string, reason: string) => post(`/assets/${at(id)}/udi`, { code, reason }),
};
