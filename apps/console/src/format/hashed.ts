/** What is kept of a file that stays with whoever has it: its name, length and SHA-256 in hexadecimal digits. */
export async function hashed(file: File): Promise<{ name: string; sha256: string; bytes: number }> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', await file.arrayBuffer()));
  const sha256 = [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return { name: file.name.slice(0, 200), sha256, bytes: file.size };
}
