export { workingGroups } from './working-groups.module';
