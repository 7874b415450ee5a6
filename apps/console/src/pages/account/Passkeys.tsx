import { Button, TextInput } from '@mantine/core';
import { IconKey } from '@tabler/icons-react';
import { useState } from 'react';
import { type Account, account, canHavePasskeys, namedAddress } from '../../api/sign-in.ts';
import { When } from '../../marks/When.tsx';
import { useOwnAct } from './own-act.tsx';

/** The keys by which I sign in. */
export function Passkeys({ keys }: { keys: Account['passkeys'] }) {
  const [name, setName] = useState('');
  const add = useOwnAct(account.addPasskey, 'The passkey is kept; you can sign in with it from now on.', () =>
    setName(''),
  );
  const drop = useOwnAct(account.removePasskey, 'The passkey is removed.');
  return (
    <section className="card stack" aria-label="Passkeys">
      <div>
        <h2>Passkeys</h2>
        <p className="dim small">
          Your fingerprint, face or security key. Nothing to remember, and nothing that another site could ask
          you for. Keep two, on two devices.
        </p>
      </div>
      <div className="account-list">
        {keys.map((key) => (
          <div className="account-row" key={key.id}>
            <div>
              <strong>{key.name}</strong>
              <div className="small dim">
                made <When at={key.created} />,{' '}
                {key.used ? (
                  <>
                    last used <When at={key.used} />
                  </>
                ) : (
                  'not used yet'
                )}
              </div>
            </div>
            <Button size="xs" variant="default" onClick={() => drop.run(key.id)}>
              Remove
            </Button>
          </div>
        ))}
      </div>
      {canHavePasskeys() ? (
        <form
          className="own-form"
          onSubmit={(event) => {
            event.preventDefault();
            add.run(name);
          }}
        >
          <TextInput
            label="Name of the new key"
            placeholder="Laptop on ward 3"
            required
            maxLength={80}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Button type="submit" leftSection={<IconKey size={16} aria-hidden />} loading={add.isRunning}>
            Add a passkey
          </Button>
        </form>
      ) : (
        <p className="small">
          Passkeys belong to a name: open <a href={namedAddress()}>{namedAddress()}</a> to add one.
        </p>
      )}
      {(add.trouble ?? drop.trouble) && (
        <p className="sign-in-refused" role="alert">
          {add.trouble ?? drop.trouble}
        </p>
      )}
      {add.dialog}
      {drop.dialog}
    </section>
  );
}
