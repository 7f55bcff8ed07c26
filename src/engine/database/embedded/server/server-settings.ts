import { sharedMemorySettings } from '../shared-memory.ts';

/** Loopback only; no Unix socket, whose path could be too long; sized for a machine that also runs the tasks. */
export function serverSettings(port: number, major: number, more: readonly string[]): readonly string[] {
  return [
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    `port=${port}`,
    'max_connections=60',
    'shared_buffers=256MB',
    'max_wal_size=2GB',
    'jit=off',
    'timezone=UTC',
    // Containers often have only 64 MB of shared memory, which is too little for parallel workers.
    'max_parallel_workers_per_gather=0',
    'max_parallel_maintenance_workers=0',
    ...sharedMemorySettings(),
    // Otherwise failed statements with hundreds of columns would fill the log.
    'log_min_error_statement=panic',
    // Ends the queries of killed tasks within 2 s.
    ...(major >= 15 && process.platform !== 'win32' ? ['client_connection_check_interval=2s'] : []),
    ...more,
  ];
}
