import { Button, Radio } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { queries } from '../../api/queries.ts';
import { type NfcChecklist, wirelessActs } from '../../api/wireless.ts';
import { count } from '../../format/number.ts';
import { Unknown } from '../../marks/marks.tsx';
import { When } from '../../marks/When.tsx';
import { useMay } from '../../shell/permissions.ts';
import { ReasonDialog } from '../../shell/reason.tsx';
import { Failure, Loading } from '../../shell/states.tsx';
import { answerWords } from './words.ts';

/** What no radio hears: near fields, as a checklist that people go through. */
export function Nfc() {
  const { data, error, refetch } = useQuery(queries.nfc(1));
  return (
    <section className="card stack" aria-labelledby="air-nfc">
      <h2 id="air-nfc">NFC and RFID</h2>
      {error && !data && <Failure error={error} retry={() => void refetch()} what="The checklist" />}
      {!data && !error && <Loading label="the checklist" rows={5} />}
      {data && (
        <>
          <p>
            No sensor hears near fields: somebody goes and looks.{' '}
            {count(data.items.filter(({ answer }) => answer === 'unknown').length)} of{' '}
            {count(data.items.length)} questions wait for an answer; one that is older than a year counts no
            more.
          </p>
          <table className="people-table">
            <caption className="unseen">{data.title}</caption>
            <thead>
              <tr>
                <th scope="col">Question</th>
                <th scope="col">Where to look</th>
                <th scope="col">Answer</th>
                <th scope="col">
                  <span className="unseen">Acts</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {data.items.map((item) => (
                <Question key={item.id} site={data.site} item={item} />
              ))}
            </tbody>
          </table>
        </>
      )}
    </section>
  );
}

function Question({ site, item }: { site: number; item: NfcChecklist['items'][number] }) {
  const may = useMay();
  const [asking, setAsking] = useState(false);
  const [answer, setAnswer] = useState('');
  return (
    <tr>
      <td>
        {item.question}
        <div className="small dim">{item.why}</div>
      </td>
      <td>{item.look}</td>
      <td>
        {item.answer === 'unknown' ? (
          <Unknown word={item.isOld ? 'Too long ago' : answerWords.unknown} />
        ) : (
          answerWords[item.answer]
        )}
        {item.at !== null && (
          <div className="small dim">
            {item.by}, <When at={item.at} />: {item.note}
          </div>
        )}
      </td>
      <td>
        {may('wireless.nfc-answer') && (
          <Button
            variant="default"
            size="compact-sm"
            onClick={() => setAsking(true)}
            aria-label={`Answer… ${item.question}`}
          >
            Answer…
          </Button>
        )}
        <ReasonDialog
          opened={asking}
          onClose={() => setAsking(false)}
          title="What did you find?"
          confirm="Keep the answer"
          done="The answer is kept."
          ready={answer !== ''}
          act={(reason) => wirelessActs.answerNfc(site, item.id, answer, reason)}
        >
          <Radio.Group label={item.question} value={answer} onChange={setAnswer} required>
            <div className="stack-tight">
              {(['met', 'not-met', 'not-applicable'] as const).map((one) => (
                <Radio key={one} value={one} label={answerWords[one]} />
              ))}
            </div>
          </Radio.Group>
        </ReasonDialog>
      </td>
    </tr>
  );
}
