/** Encryption types (IANA "Kerberos Encryption Type Numbers"; RFC 3961, 3962, 4757, 8009). */
const NAMES: ReadonlyMap<number, string> = new Map([
  [1, 'des-cbc-crc'],
  [2, 'des-cbc-md4'],
  [3, 'des-cbc-md5'],
  [16, 'des3-cbc-sha1'],
  [17, 'aes128-sha1'],
  [18, 'aes256-sha1'],
  [19, 'aes128-sha256'],
  [20, 'aes256-sha384'],
  [23, 'rc4-hmac'],
  [24, 'rc4-hmac-exp'],
  [25, 'camellia128'],
  [26, 'camellia256'],
]);

/** Null for what Windows uses among itself (negative numbers) and for what nobody knows. */
export function encryptionName(type: number): string | null {
  return NAMES.get(type) ?? null;
}
