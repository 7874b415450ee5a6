/** Why a key cannot be had. */
export type KeysFault = 'no-master' | 'module' | 'zone-closed';

export class KeysError extends Error {
  override readonly name = 'KeysError';
  readonly code: KeysFault;

  constructor(code: KeysFault, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
