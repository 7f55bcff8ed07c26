import type { LevelId } from '../../model/ids.ts';
import type { Slas } from '../../model/pipeline/pipeline.ts';
import { formatDefaults } from '../format-defaults.ts';
import type { SlaRecord } from '../schema/sections/sla-shape.ts';

export function buildSlas(slas: SlaRecord | undefined): Slas {
  const { run, levels, speedup, success_rate, cpu, memory, db_connections, disk_io, disk_wait, on_miss } = slas ?? {};
  return {
    ...(run === undefined ? {} : { runMs: run }),
    levelsMs: new Map(
      (levels?.entries ?? []).flatMap(({ name, value }) =>
        value === undefined ? [] : [[name as LevelId, value] as const],
      ),
    ),
    ...(speedup === undefined ? {} : { speedup }),
    ...(success_rate === undefined ? {} : { successRate: success_rate }),
    ...(cpu === undefined ? {} : { cpu }),
    ...(memory === undefined ? {} : { memory }),
    ...(db_connections === undefined ? {} : { dbConnections: db_connections }),
    ...(disk_io === undefined ? {} : { diskBytesPerSecond: disk_io }),
    ...(disk_wait === undefined ? {} : { diskWait: disk_wait }),
    onMiss: on_miss ?? formatDefaults.sla.on_miss,
  };
}
