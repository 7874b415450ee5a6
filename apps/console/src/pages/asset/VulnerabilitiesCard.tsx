import { MatchTable } from '../vulnerabilities/MatchTable.tsx';

/** What advisories say of it: affected first, each with the sentence that it rests on. */
export function VulnerabilitiesCard({ asset }: { asset: string }) {
  return (
    <section className="card" aria-labelledby="vulnerabilities">
      <h2 id="vulnerabilities">Vulnerabilities</h2>
      <MatchTable by={{ asset }} none="No advisory that was read names this device." />
    </section>
  );
}
