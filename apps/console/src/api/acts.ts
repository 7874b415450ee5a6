import { ApiProblem, apiAddress, post, readProblem, remove } from './client.ts';
import type { Attribute, ImportJob, RegisterField, RegisterPreview } from './types.ts';

/** Every act that changes state. Each carries its reason, which the server writes into the ledger. */
export const acts = {
  openSession: (token: string) => post<unknown>('/session', { token }),
  approve: (asset: string, attribute: Attribute, value: string, reason: string) =>
    post(`/assets/${encodeURIComponent(asset)}/approvals`, { attribute, value, reason }),
  withdraw: (asset: string, attribute: Attribute, reason: string) =>
    remove(`/assets/${encodeURIComponent(asset)}/approvals/${attribute}`, { reason }),
  merge: (assets: string[], reason: string) => post('/identity/merge', { assets, reason }),
  split: (asset: string, endpoints: string[], reason: string) =>
    post('/identity/split', { asset, endpoints, reason }),
  undoDecision: (id: string, reason: string) =>
    post(`/identity/decisions/${encodeURIComponent(id)}/undo`, { reason }),
  decideReconciliation: (key: string, decision: string, reason: string) =>
    post(`/reconciliation/${encodeURIComponent(key)}/decision`, { decision, reason }),
  previewRegister: (csv: string, mapping?: Record<string, RegisterField>) =>
    post<RegisterPreview>('/register/preview', { csv, ...(mapping ? { mapping } : {}) }),
  importRegister: (csv: string, mapping: Record<string, RegisterField>, mode: string, reason: string) =>
    post('/register/import', { csv, mapping, mode, reason }),
  decideMatch: (
    body: Record<'asset' | 'vulnerability' | 'verdict' | 'justification' | 'ground' | 'reason', string>,
  ) => post('/matches/decision', body),
  cancelImport: (id: string) => remove(`/imports/${encodeURIComponent(id)}`),
};

export interface Upload {
  done: Promise<ImportJob>;
  cancel: () => void;
}

/** Sends one capture as it is. XMLHttpRequest, because fetch does not tell how much has been sent. */
export function uploadCapture(file: File, onSent: (bytes: number) => void): Upload {
  const request = new XMLHttpRequest();
  const done = new Promise<ImportJob>((resolve, reject) => {
    request.upload.onprogress = (event) => onSent(event.loaded);
    request.onload = () => {
      if (request.status < 300) resolve(JSON.parse(request.responseText) as ImportJob);
      else reject(new ApiProblem(readProblem(request.status, request.responseText)));
    };
    request.onerror = () => reject(new ApiProblem(readProblem(0, 'The connection broke')));
    request.onabort = () => reject(new ApiProblem(readProblem(0, 'Cancelled')));
  });
  request.open('POST', apiAddress('/imports', { name: file.name }));
  request.setRequestHeader('content-type', 'application/octet-stream');
  request.send(file);
  return { done, cancel: () => request.abort() };
}
