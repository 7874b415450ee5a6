import { Button, Checkbox, Radio, Select, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useState } from 'react';
import { queries } from '../../api/queries.ts';
import { type StoryDetail, watchActs } from '../../api/watch.ts';
import { useMay } from '../../shell/permissions.ts';
import { ReasonDialog } from '../../shell/reason.tsx';
import { storyVerdictWords } from './words.ts';

/** What a person may do with a story, the likeliest first. */
export function StoryActs({ story }: { story: StoryDetail }) {
  if (story.state === 'resolved') return <OpenAgain story={story} />;
  return (
    <div className="row">
      {story.state === 'open' && <Take story={story} />}
      {story.state !== 'acknowledged' && <Acknowledge story={story} />}
      <Resolve story={story} />
      {story.incident === null && <MakeIncident story={story} />}
    </div>
  );
}

function Take({ story }: { story: StoryDetail }) {
  const may = useMay();
  const client = useQueryClient();
  const take = useMutation({
    mutationFn: () => watchActs.take(story.id),
    onSuccess: () => client.invalidateQueries({ queryKey: ['watch'] }),
    onError: (error) => notifications.show({ message: `Not taken: ${error.message}`, withCloseButton: true }),
  });
  if (!may('watch.take')) return null;
  return (
    <Button onClick={() => take.mutate()} loading={take.isPending}>
      Take it
    </Button>
  );
}

function Acknowledge({ story }: { story: StoryDetail }) {
  const may = useMay();
  const [asking, setAsking] = useState(false);
  if (!may('watch.acknowledge')) return null;
  return (
    <>
      <Button variant="default" onClick={() => setAsking(true)}>
        Acknowledge…
      </Button>
      <ReasonDialog
        opened={asking}
        onClose={() => setAsking(false)}
        title="Acknowledge the story"
        confirm="I have looked at it"
        done="Acknowledged."
        act={(reason) => watchActs.acknowledge(story.id, reason)}
      >
        <p>
          You have looked at it and know that it goes on. It stays in the list until somebody resolves it.
        </p>
      </ReasonDialog>
    </>
  );
}

const DAY = 86_400_000;
const inDays = (days: number): string => new Date(Date.now() + days * DAY).toISOString().slice(0, 10);

function Resolve({ story }: { story: StoryDetail }) {
  const may = useMay();
  const [asking, setAsking] = useState(false);
  const [verdict, setVerdict] = useState<string>('');
  const [teaches, setTeaches] = useState(false);
  const [until, setUntil] = useState(inDays(30));
  if (!may('watch.resolve')) return null;
  const isHabit = story.shown.every(({ basis }) => basis === 'baseline');
  const allows = teaches && verdict !== 'true' && verdict !== '';
  const end = until === '' ? null : new Date(`${until}T23:59:59Z`).toISOString();
  return (
    <>
      <Button variant="default" onClick={() => setAsking(true)}>
        Resolve…
      </Button>
      <ReasonDialog
        opened={asking}
        onClose={() => setAsking(false)}
        title="What did it turn out to be?"
        confirm="Resolve it"
        done="Resolved."
        ready={verdict !== '' && (!allows || isHabit || end !== null)}
        act={(reason) =>
          watchActs.resolve(story.id, { verdict, reason, allow: allows ? { until: end } : null })
        }
      >
        <Radio.Group label="Verdict" required value={verdict} onChange={setVerdict}>
          <div className="stack-tight">
            <Radio
              value="true"
              label={`${storyVerdictWords.true}: an attack, a mistake, or something that broke`}
            />
            <Radio value="benign" label={`${storyVerdictWords.benign}: an audit, a move, a new task`} />
            <Radio
              value="false-alarm"
              label={`${storyVerdictWords['false-alarm']}: nothing of the kind happened`}
            />
          </div>
        </Radio.Group>
        {verdict !== 'true' && (
          <Checkbox
            label="Tell me no more when these devices do this"
            checked={teaches}
            onChange={(event) => setTeaches(event.currentTarget.checked)}
          />
        )}
        {allows && (
          <>
            <p>
              It is not told then, whoever is behind it: an intruder who does the same from there would not be
              told either. You can take it back under “What the watch has learnt”.
            </p>
            <TextInput
              type="date"
              label={isHabit ? 'Until (empty: until somebody takes it back)' : 'Until, at most a year'}
              required={!isHabit}
              min={inDays(1)}
              max={inDays(365)}
              value={until}
              onChange={(event) => setUntil(event.currentTarget.value)}
            />
          </>
        )}
      </ReasonDialog>
    </>
  );
}

function OpenAgain({ story }: { story: StoryDetail }) {
  const may = useMay();
  const [asking, setAsking] = useState(false);
  if (!may('watch.open-again')) return null;
  return (
    <>
      <Button variant="default" onClick={() => setAsking(true)}>
        Open again…
      </Button>
      <ReasonDialog
        opened={asking}
        onClose={() => setAsking(false)}
        title="Open the story again"
        confirm="Open it again"
        done="It is open again."
        act={(reason) => watchActs.open(story.id, reason)}
      >
        <p>Its verdict is taken back. What was taught with it stays until you take that back, too.</p>
      </ReasonDialog>
    </>
  );
}

function MakeIncident({ story }: { story: StoryDetail }) {
  const may = useMay();
  const router = useRouter();
  const [asking, setAsking] = useState(false);
  const [playbook, setPlaybook] = useState<string | null>(story.playbook);
  const [drill, setDrill] = useState(false);
  const { data } = useQuery({ ...queries.playbooks(), enabled: asking });
  if (!may('watch.incident')) return null;
  const chosen = data?.playbooks.find(({ id }) => id === playbook);
  return (
    <>
      <Button variant="default" onClick={() => setAsking(true)}>
        Make an incident…
      </Button>
      <ReasonDialog
        opened={asking}
        onClose={() => setAsking(false)}
        title="Make an incident of it"
        confirm="Open the incident"
        done="The incident is open."
        ready={chosen !== undefined}
        act={async (reason) => {
          const { incident } = await watchActs.incident(story.id, { playbook: playbook!, drill, reason });
          router.history.push(`/incidents/${incident}`);
        }}
      >
        <p>
          The incident begins with what was seen and with the devices it touches. Nothing is cut or sent to a
          device by this.
        </p>
        <Select
          label="Playbook"
          required
          data={(data?.playbooks ?? []).map(({ id, title }) => ({ value: id, label: title }))}
          value={playbook}
          onChange={setPlaybook}
          description={chosen?.when}
        />
        <Checkbox
          label="This is a drill"
          checked={drill}
          onChange={(event) => setDrill(event.currentTarget.checked)}
        />
      </ReasonDialog>
    </>
  );
}
