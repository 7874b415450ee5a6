import { Button, NativeSelect } from '@mantine/core';
import { IconShieldBolt } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { type EmergencyPlan, type EmergencyStatus, emergencies } from '../../api/authority.ts';
import { queries } from '../../api/queries.ts';
import { plain, scopeWords } from '../../format/words.ts';
import { AppLink } from '../../shell/AppLink.tsx';
import { forgetDrafts, useDraft } from '../../shell/drafts.ts';
import { needsStepUp, StepUp } from '../../shell/StepUp.tsx';
import { isSaid, noReason, WhyFields } from './WhyFields.tsx';

/** Takes the prepared role: one form, one button. */
export function StartCard({ status }: { status: EmergencyStatus }) {
  const { plans, running } = status;
  const { data: session } = useQuery(queries.session());
  const mine = running.filter(({ person }) => person === session?.actor);
  if (plans.length > 0 && mine.length >= plans.length) return null;
  if (plans.length === 0)
    return (
      <section className="card">
        <h2>Nothing is prepared for you</h2>
        <p className="dim">
          Emergency access is prepared beforehand, for named people. Ask an administrator to prepare it, or{' '}
          <AppLink href="/access">ask for a role for a time</AppLink>. Whoever holds a sealed credential
          enters by it where nobody is signed in.
        </p>
      </section>
    );
  return <StartForm plans={plans} isNotified={status.channels.length > 0} />;
}

const planWords = (plan: EmergencyPlan): string =>
  `${plain(plan.role)} ${scopeWords(plan)}, for ${plan.minutes} minutes`;

const TAKE = 'Take emergency access';

function StartForm({ plans, isNotified }: { plans: EmergencyPlan[]; isNotified: boolean }) {
  const [plan, setPlan] = useState(plans[0]!.id);
  const [why, setWhy] = useDraft(TAKE, 'why', noReason);
  const [proving, setProving] = useState(false);
  const client = useQueryClient();
  const start = useMutation({
    mutationFn: () => emergencies.start(plan, why.code, why.reason.trim()),
    onError: (error) => setProving(needsStepUp(error)),
    onSuccess: async () => {
      setWhy(noReason);
      forgetDrafts(TAKE);
      await client.invalidateQueries();
    },
  });
  return (
    <form
      className="card stack break-glass-start"
      aria-label={TAKE}
      onSubmit={(event) => {
        event.preventDefault();
        start.mutate();
      }}
    >
      <h2>{TAKE}</h2>
      <p>
        It begins at once and ends by itself. Everybody who looks at the console sees it
        {isNotified ? ', the duty contact is told,' : ''} and somebody else looks at it afterwards.
      </p>
      <NativeSelect
        label="Take the role of"
        data={plans.map((one) => ({ value: one.id, label: planWords(one) }))}
        value={plan}
        onChange={(event) => setPlan(event.currentTarget.value)}
      />
      <WhyFields value={why} onChange={setWhy} />
      <StepUp opened={proving} onClose={() => setProving(false)} onProved={() => start.mutate()} />
      {start.error && !needsStepUp(start.error) && (
        <p role="alert" className="form-error">
          Not done: {start.error.message}
        </p>
      )}
      <Button
        type="submit"
        size="md"
        leftSection={<IconShieldBolt size={20} aria-hidden />}
        loading={start.isPending}
        disabled={!isSaid(why)}
      >
        Break the glass
      </Button>
    </form>
  );
}
