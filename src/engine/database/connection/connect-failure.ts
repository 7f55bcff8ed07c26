import { compileSecrets } from '../../masking/compile-secrets.ts';
import { maskText } from '../../masking/mask-stream.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import { type ConnectionAddress, queueVariable } from './connection-address.ts';
import { describeUrl, urlSecrets } from './connection-url.ts';

/** The diagnostic for a failed connection to the database that the environment names. */
export function connectFailure(address: ConnectionAddress, error: Error): Diagnostic {
  const { origin } = address;
  const code = (error as { code?: string }).code ?? '';
  const place = describeUrl(address);
  const detail = maskText(compileSecrets(urlSecrets(address)), reasonOf(error));
  const diagnostic = (kind: 'unreachable' | 'refused', message: string, hint: string): Diagnostic => ({
    code: `database/${kind}`,
    severity: 'error',
    message,
    hint,
  });
  const answered = /^[0-9A-Z]{5}$/.test(code) && !code.startsWith('EP');
  if (answered && (code.startsWith('28') || code === '42501')) {
    const hint = `check the user and password in ${origin} and the server's pg_hba.conf`;
    return diagnostic('refused', `The database "${place}" refuses the login: ${detail}`, hint);
  }
  if (code === '3D000') {
    const hint = `create it (createdb ${address.database}), or correct the name in ${origin}`;
    return diagnostic('refused', `The server has no database "${address.database}" at "${place}"`, hint);
  }
  if (code === '53300') {
    return diagnostic(
      'refused',
      `The server has no connection left at "${place}": ${detail}`,
      'try again later, or raise max_connections',
    );
  }
  if (answered) {
    return diagnostic('refused', `The database "${place}" cannot be used: ${detail}`, "see the server's log");
  }
  const hint =
    origin === queueVariable
      ? `start the server, or correct ${origin}`
      : `start the server, correct ${origin}, or unset it to use the embedded PostgreSQL`;
  return diagnostic('unreachable', `The database "${place}" cannot be reached: ${detail}`, hint);
}

/** A host with several addresses gives several errors, and then the driver's own message is empty. */
function reasonOf(error: Error): string {
  const inner = error instanceof AggregateError ? (error.errors as Error[]).map((one) => one.message).join('; ') : '';
  const { code } = error as { code?: string };
  const text = error.message || inner || code || 'no reason given';
  if (code === 'ECONNREFUSED') return `nothing listens there (${inner || error.message})`;
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return `the host name is unknown (${text})`;
  if (/timeout expired|ETIMEDOUT/.test(text)) return 'no answer in time';
  return text;
}
