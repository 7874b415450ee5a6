import { Textarea, TextInput } from '@mantine/core';
import type { ProductItem, ProductWeakness, ProductWord } from '@wardline/model';
import { useState } from 'react';
import { products } from '../../api/products.ts';
import { ReasonDialog } from '../../shell/reason.tsx';
import { useVouching, VouchFields } from '../controls/VouchFields.tsx';
import { OwnerFields } from '../risks/OwnerFields.tsx';

/** A person vouches for a line by a document, of which name and hash are kept, until a day. */
export function VouchDialog({ id, item, onClose }: { id: string; item: ProductItem; onClose: () => void }) {
  const vouching = useVouching();
  const act = async (reason: string) =>
    await products.vouch(id, { control: item.control, ...(await vouching.said()) }, reason);
  return (
    <ReasonDialog
      opened
      onClose={onClose}
      title={`Vouch for ${item.control}`}
      confirm="Vouch for it"
      done="It counts until that day, as a person’s word."
      ready={vouching.isReady}
      act={act}
    >
      <p>{item.title}</p>
      {item.basis === 'computed' && <p className="dim">{item.reason}</p>}
      <VouchFields
        of={vouching.fields}
        hint="A sentence that a reviewer can check"
        after="Within a year it has to be looked at again."
      />
    </ReasonDialog>
  );
}

/** What was vouched for ends now; that it held until now stays in the reports that were made. */
export function WithdrawDialog({
  id,
  word,
  onClose,
}: {
  id: string;
  word: ProductWord;
  onClose: () => void;
}) {
  return (
    <ReasonDialog
      opened
      onClose={onClose}
      title={`Take back what was vouched for at ${word.control}`}
      confirm="Take it back"
      done="It does not count any more."
      act={(reason) => products.takeBack(id, word.id, reason)}
    >
      <p>
        {word.statement} ({word.ownerName}, by “{word.document}”)
      </p>
      <p className="dim">From now on the line is judged without it. To say it again, vouch anew.</p>
    </ReasonDialog>
  );
}

/** Which release answers a weakness, by whom and until when. */
export function PlanDialog({
  id,
  weakness,
  onClose,
}: {
  id: string;
  weakness: ProductWeakness;
  onClose: () => void;
}) {
  const { plan } = weakness;
  const [version, setVersion] = useState(plan?.version ?? '');
  const [note, setNote] = useState(plan?.note ?? '');
  const [fields, setFields] = useState({ owner: plan?.owner ?? '', deadline: plan?.day ?? '' });
  const due = weakness.due?.slice(0, 10) ?? null;
  const isLate = due !== null && fields.deadline > due;
  return (
    <ReasonDialog
      opened
      onClose={onClose}
      title={`Plan the fix of ${weakness.id}`}
      confirm="Plan it"
      done="The plan is kept."
      ready={version.trim() !== '' && fields.owner !== '' && fields.deadline !== ''}
      act={(reason) =>
        products.plan(
          id,
          { weakness: weakness.id, version: version.trim(), day: fields.deadline, owner: fields.owner, note },
          reason,
        )
      }
    >
      <p>{weakness.title}</p>
      <p className="dim">{due === null ? 'No time is given for it.' : `Its time runs out on ${due}.`}</p>
      <TextInput
        label="Release that answers it"
        required
        value={version}
        onChange={(event) => setVersion(event.currentTarget.value)}
      />
      <OwnerFields value={fields} onChange={setFields} deadlineLabel="It is published by" required />
      {isLate && <p className="form-error">That is after its time has run out.</p>}
      <Textarea
        label="Until then"
        description="What protects those who have the product meanwhile"
        autosize
        minRows={2}
        maxLength={2000}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
    </ReasonDialog>
  );
}
