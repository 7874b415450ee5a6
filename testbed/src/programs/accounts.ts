import type { Lab } from '../lab/lab.ts';

export interface Account {
  user: string;
  password: string;
}

/** Accounts that exist on one device only: its own passwd, shadow and PAM files laid over the host's. */
export async function accounts(lab: Lab, id: string, list: Account[]): Promise<Record<string, string>> {
  const home = lab.folder(`accounts/${id}/home`);
  const passwd = [
    'root:x:0:0:root:/root:/bin/sh',
    'nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin',
  ];
  const shadow = ['root:*:20000:0:99999:7:::', 'nobody:*:20000:0:99999:7:::'];
  for (const { user, password } of list) {
    const { stdout } = await lab.must(['openssl', 'passwd', '-6', '-stdin'], { input: `${password}\n` });
    passwd.push(`${user}:x:0:0:${user}:/home:/bin/sh`);
    shadow.push(`${user}:${stdout.trim()}:20000:0:99999:7:::`);
  }
  const pam = 'auth required pam_unix.so\naccount required pam_unix.so\nsession required pam_permit.so\n';
  const file = (name: string, content: string) => lab.file(`accounts/${id}/${name}`, content, 0o600);
  const pamFile = file('pam', pam);
  return {
    // The path of the lab must not show on the wire.
    [home]: '/home',
    [file('passwd', `${passwd.join('\n')}\n`)]: '/etc/passwd',
    [file('shadow', `${shadow.join('\n')}\n`)]: '/etc/shadow',
    [pamFile]: '/etc/pam.d/login',
    [file('pam-ftp', pam)]: '/etc/pam.d/vsftpd',
  };
}
