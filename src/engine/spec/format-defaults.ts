/** The defaults of the pipeline format, written as in the file: the only place, for the schema and the builders alike. */
export const formatDefaults = {
  task: {
    timeout: '1h',
    retries: 0,
    kill_grace: '5s',
    isolation: 'none',
    dir: '.',
    shell: 'bash',
    connections: 0,
    critical: false,
    use_last_good: false,
  },
  fallback: { fresh: false },
  condition: { otherwise: 'continue', every: '1m', timeout: '12h', on_timeout: 'fail' },
  backoff: { initial: '1s', factor: 2, max: '1m', jitter: true, max_retry_after: '1h' },
  level: { mode: 'parallel', critical: false },
  limits: { max_parallel: 'auto', cpu: 0.8, memory: 0.85, db_connections: 0.8, disk_free: '1GB' },
  check: { on_fail: 'fail', gate: false, timeout: '1m', retries: 2, expect: 0 },
  sla: { on_miss: 'warn' },
  handoffs: { directory: 'handoffs', slowdown: 1.5 },
  notify: { on: ['failure'] },
  requests: { as: 'list' },
} as const;
