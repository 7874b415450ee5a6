import { createReadStream } from 'node:fs';
import { type FirmwareStatus, firmwareUploadResponse } from '@wardline/model';
import { askFor, type ServerAccess } from '../api/client.ts';

/** Hands an encrypted image in. @throws CommandError where the server does not take it */
export async function uploadImage(
  access: ServerAccess,
  file: string,
  sha256: string,
  reason: string,
): Promise<void> {
  const query = new URLSearchParams({ sha256, reason });
  const headers = { 'content-type': 'application/octet-stream' };
  const init = {
    method: 'POST',
    headers,
    body: createReadStream(file),
    duplex: 'half',
  } as unknown as RequestInit;
  await askFor(access, `api/v1/firmware/images?${query.toString()}`, firmwareUploadResponse, init);
}

/** Versions of what is published, by role. */
export const publishedVersions = ({ roles, bins }: FirmwareStatus): Map<string, number> =>
  new Map([...roles, ...bins].map(({ role, version }) => [role, version]));
