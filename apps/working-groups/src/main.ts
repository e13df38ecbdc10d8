import { runService } from '@alliance/service-host';
import { workingGroups } from './working-groups.module';

void runService(workingGroups);
