import { Button, NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { PolicyCompiled } from '@wardline/model';
import { segmentationQueries } from '../../api/segmentation.ts';
import { count, counted } from '../../format/number.ts';
import { useAddress } from '../../shell/address.ts';
import { Failure, Loading } from '../../shell/states.tsx';
import { PolicyEditor } from './PolicyEditor.tsx';

/** What an enforcement point would run, and the proof on what was read back from that text. */
export function ProofView({ text, name }: { text: string; name: string }) {
  const { values, change } = useAddress();
  const { data: all } = useQuery(segmentationQueries.all());
  const targets = all?.targets ?? [];
  const target = targets.find((one) => one === values.target) ?? targets[0];
  const { data, error, refetch } = useQuery({
    ...segmentationQueries.compiled(text, target ?? ''),
    enabled: target !== undefined,
  });
  return (
    <div className="stack">
      <NativeSelect
        className="policy-target"
        label="Enforcement point"
        data={[...targets]}
        value={target ?? ''}
        onChange={(event) => change({ target: event.currentTarget.value })}
      />
      {error && !data && <Failure error={error} retry={() => void refetch()} what="The proof" />}
      {!data && !error && <Loading label="the proof over all packets" rows={8} />}
      {data && <Proof compiled={data} name={name} />}
    </div>
  );
}

function Proof({ compiled, name }: { compiled: PolicyCompiled; name: string }) {
  const { target, entries, budget, files, proofs, certificate, limits, assets } = compiled;
  const base = `${name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}-${target}`;
  return (
    <>
      <section className="card stack-tight" aria-labelledby="policy-proof">
        <div className="spread">
          <h2 id="policy-proof">{verdict(compiled)}</h2>
          <div className="row">
            {files.map((file) => (
              <Download key={file.name} name={file.name} text={file.text} />
            ))}
            {certificate !== null && <Download name={`${base}-proof.json`} text={certificate} />}
            {certificate !== null && <Download name={`${base}-assets.json`} text={assets} />}
          </div>
        </div>
        <p>
          {counted(entries, 'entry', 'entries')} of {count(budget)} that the target takes.
        </p>
        {compiled.cannot.map((what) => (
          <p key={what} className="form-error">
            {what}
          </p>
        ))}
        {proofs.map((proof) => (
          <ProofOfList key={proof.list} proof={proof} />
        ))}
        {certificate !== null && (
          <p className="dim small">
            Whoever doubts the prover checks its certificate with <code>wardline policy check</code>, which
            knows nothing of it.
          </p>
        )}
        <h3>What is left out of the proof</h3>
        <ul className="policy-limits">
          {[...limits, ...new Set(proofs.flatMap(({ beside }) => beside))].map((limit) => (
            <li key={limit}>{limit}</li>
          ))}
        </ul>
      </section>
      {files.map((file) => (
        <section key={file.name} className="card stack-tight" aria-label={file.name}>
          <h2>{file.name}</h2>
          <PolicyEditor text={file.text} onChange={null} diagnostics={[]} />
        </section>
      ))}
    </>
  );
}

function verdict({ files, proofs, certificate, cannot }: PolicyCompiled): string {
  if (cannot.length > 0) return 'This target cannot say all of the policy';
  if (files.length === 0) return 'The target does not take as many entries: make zones coarser';
  if (certificate !== null) return 'Proved equal to the policy, over all packets';
  return proofs.length === 0 ? 'Nothing was read back' : 'Not equal to the policy';
}

function ProofOfList({ proof: { list, families, unmodelled } }: { proof: PolicyCompiled['proofs'][number] }) {
  return (
    <div>
      {families.map(({ family, equal, leaking, cut, counterExamples }) => (
        <div key={family}>
          <p>
            <strong>{list}</strong>, IPv{family}:{' '}
            {equal
              ? 'nothing undeclared passes, and everything declared passes.'
              : `${leaking} packets pass that nothing declares; ${cut} that are declared do not pass.`}
          </p>
          <ul>
            {counterExamples.map(({ message, breaksMust }) => (
              <li key={message} className={breaksMust ? 'policy-broken' : undefined}>
                {message}
              </li>
            ))}
          </ul>
        </div>
      ))}
      {unmodelled.map(({ line, what }) => (
        <p key={line}>
          Not modelled, line {line}: {what}
        </p>
      ))}
    </div>
  );
}

/** A file made here, of what is on the screen. */
function Download({ name, text }: { name: string; text: string }) {
  const save = () => {
    const url = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
    const link = document.createElement('a');
    link.href = url;
    link.download = name;
    link.click();
    URL.revokeObjectURL(url);
  };
  return (
    <Button size="xs" variant="default" onClick={save}>
      {name}
    </Button>
  );
}
