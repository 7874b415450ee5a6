import { Button, TextInput } from '@mantine/core';
import { IconShieldBolt } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { emergencies } from '../../api/authority.ts';
import { AppLink } from '../../shell/AppLink.tsx';
import { useAddress } from '../../shell/address.ts';
import { isSaid, noReason, WhyFields } from './WhyFields.tsx';
import '../../shell/sign-in.css';
import '../../shell/shell.css';

/** Where nobody is signed in and nothing else may work: enters by a sealed credential. */
export function SealedPage() {
  const [credential, setCredential] = useState('');
  const [why, setWhy] = useState(noReason);
  const { go } = useAddress();
  const client = useQueryClient();
  const open = useMutation({
    mutationFn: () => emergencies.open(credential, why.code, why.reason.trim()),
    onSuccess: async () => {
      await client.invalidateQueries();
      go('/');
    },
  });
  return (
    <main className="shell-alone">
      <img src="/wardline.svg" alt="" width={40} height={40} />
      <h1>Enter by a sealed credential</h1>
      <p>
        It opens Wardline once with the role that was prepared for an emergency. Everybody sees that it runs,
        and somebody else looks at it afterwards.
      </p>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          open.mutate();
        }}
      >
        <TextInput
          label="Sealed credential"
          description="Six groups of five letters and digits; capitals and dashes do not matter"
          autoComplete="off"
          spellCheck={false}
          required
          value={credential}
          onChange={(event) => setCredential(event.currentTarget.value)}
        />
        <WhyFields value={why} onChange={setWhy} />
        {open.error && (
          <p role="alert" className="sign-in-refused">
            {open.error.message}
          </p>
        )}
        <Button
          type="submit"
          size="md"
          leftSection={<IconShieldBolt size={20} aria-hidden />}
          loading={open.isPending}
          disabled={credential.trim() === '' || !isSaid(why)}
        >
          Break the glass
        </Button>
      </form>
      <p className="small">
        <AppLink href="/">Back to sign-in</AppLink>
      </p>
    </main>
  );
}
