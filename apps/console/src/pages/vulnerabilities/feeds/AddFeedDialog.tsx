import { NumberInput, Textarea, TextInput } from '@mantine/core';
import { feeds } from '../../../api/feeds.ts';
import { useDraft } from '../../../shell/drafts.ts';
import { ReasonDialog } from '../../../shell/reason.tsx';

const KEYS_CHARS = 1_000_000;

const TITLE = 'Add a feed';

/** A feed is believed without a person looking: whose signatures count is asked for with it. */
export function AddFeedDialog({ mirrors, onClose }: { mirrors: string; onClose: () => void }) {
  const [name, setName] = useDraft(TITLE, 'name', '');
  const [location, setLocation] = useDraft(TITLE, 'location', '');
  const [everyHours, setEveryHours] = useDraft<number | string>(TITLE, 'hours', 24);
  const [keys, setKeys] = useDraft(TITLE, 'keys', '');
  const feed = { name: name.trim(), location: location.trim(), everyHours: Number(everyHours), keys };
  return (
    <ReasonDialog
      opened
      onClose={onClose}
      title={TITLE}
      confirm="Add"
      done={`${feed.name} is added.`}
      ready={feed.name !== '' && feed.location !== ''}
      act={(reason) => feeds.add(feed, reason)}
    >
      <TextInput
        label="Name"
        required
        maxLength={100}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <TextInput
        label="Folder or address"
        description={`A folder by its path below ${mirrors}, or a URL: a domain that provides CSAF, its provider-metadata.json, a CSAF directory (ending with a slash), a ROLIE feed, or one file.`}
        required
        maxLength={2000}
        value={location}
        onChange={(event) => setLocation(event.currentTarget.value)}
      />
      <NumberInput
        label="Runs every … hours"
        description="The first time at once. 0: only when a person says so."
        min={0}
        max={8760}
        allowDecimal={false}
        value={everyHours}
        onChange={setEveryHours}
      />
      <Textarea
        label="Keys that have to have signed"
        description="OpenPGP public keys, armoured. With them only documents that one of them signed are taken in; without them signatures are not checked."
        classNames={{ input: 'mono' }}
        minRows={3}
        maxRows={8}
        autosize
        maxLength={KEYS_CHARS}
        value={keys}
        onChange={(event) => setKeys(event.currentTarget.value)}
      />
      <p className="dim">It can be removed again at any time; what it brought stays.</p>
    </ReasonDialog>
  );
}
