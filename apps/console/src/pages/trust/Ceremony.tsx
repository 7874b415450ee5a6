/** The steps of the ceremony, as the guide has them with people, shares and minutes. */
export function Ceremony({ opened = false }: { opened?: boolean }) {
  return (
    <details open={opened}>
      <summary>The ceremony, step by step</summary>
      <ol className="stack-tight">
        {steps.map(({ where, does, command }) => (
          <li key={command}>
            {does} <span className="dim">({where})</span>
            <div>
              <code>{command}</code>
            </div>
          </li>
        ))}
      </ol>
      <p className="small dim">
        Who has to be there, how the passphrase is shared among three keepers, what to write down and what to
        do when something went wrong stands in <code>docs/guides/ceremony.md</code>. Print it before you
        begin.
      </p>
    </details>
  );
}

const offline = 'on a machine without a network';
const server = 'on the server';
const steps = [
  {
    where: offline,
    does: 'Make the root, and write its fingerprint down by hand.',
    command: 'wardline pki init /media/root --organization "…" --passphrase-file /dev/shm/passphrase',
  },
  {
    where: server,
    does: 'Ask for the authority of each zone, and write down the sum of each request.',
    command:
      'wardline pki request ZONE --organization "…" --domain ZONE.devices.… --out ZONE.csr --reason "…"',
  },
  {
    where: offline,
    does: 'Compare the sum, then sign.',
    command:
      'wardline pki sign ZONE.csr --root /media/root --zone ZONE --domain ZONE.devices.… --lists http://… --passphrase-file /dev/shm/passphrase --out ZONE.pem',
  },
  {
    where: offline,
    does: 'Make the root’s own list, every year anew: from the day on which it ends, whoever checks whole chains trusts nobody.',
    command: 'wardline pki list --root /media/root --passphrase-file /dev/shm/passphrase --out root.crl',
  },
  {
    where: server,
    does: 'Install what was signed.',
    command: 'wardline pki install ZONE.pem --root root.pem --reason "…"',
  },
  {
    where: server,
    does: 'Publish the list, and compare the fingerprint on this page with the minutes.',
    command: 'wardline pki publish root.crl --reason "…"',
  },
];
