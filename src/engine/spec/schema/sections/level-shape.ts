import { formatDefaults } from '../../format-defaults.ts';
import { either } from '../either-shape.ts';
import { listOf, mappingOf, namesOf } from '../list-shapes.ts';
import { locatedName, nameRule, prose } from '../name-shapes.ts';
import { type RecordOf, record } from '../record-shape.ts';
import { flag, oneOf } from '../scalar-shapes.ts';
import type { ValueOf } from '../shape.ts';
import { matrix } from './matrix-shape.ts';
import { inlineTask } from './task-shape.ts';

const members = listOf(
  either({ wanted: 'the name of a task, or a task with its "name"', text: locatedName, map: inlineTask }),
  { wanted: 'a list of tasks', each: 'each task', min: 1 },
);

const levelFields = {
  description: { shape: prose, describes: 'A description of the level.' },
  dependencies: {
    shape: namesOf(locatedName, { wanted: 'a list of task names', each: 'each dependency' }),
    describes: 'Tasks that must finish before any task of this level starts.',
    absent: [],
  },
  tasks: { shape: members, describes: 'The tasks of the level, by name or in full.', required: true },
  mode: {
    shape: oneOf(['parallel', 'sequential']),
    describes:
      'Whether the tasks of the level run one after the other (sequential) or in parallel. Default: from the ending of its name, else parallel.',
  },
  critical: {
    shape: flag,
    describes: 'Whether every task of the level is critical.',
    absent: formatDefaults.level.critical,
  },
  matrix: { shape: matrix, describes: 'The matrix of the tasks of the level that have no matrix.' },
} as const;

const level = either({ wanted: 'a list of tasks, or a mapping', list: members, map: record('a level', levelFields) });

export type LevelRecord = RecordOf<typeof levelFields>;
export type Member = ValueOf<typeof members>[number];

export const levels = mappingOf(level, nameRule, {
  wanted: 'a mapping of level names to levels',
  each: (levelName) => `level "${levelName}"`,
});
