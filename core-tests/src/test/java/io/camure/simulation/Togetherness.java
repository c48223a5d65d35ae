package io.camure.simulation;

import io.camure.CoordinatorGroup;
import io.camure.Group;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Whether all nodes are in one group. */
final class Togetherness {

    private Togetherness() {}

    /** @return who is missing, or {@code null} when all members and no others are in the present coordinator's group */
    static String missing(World world, Map<Site, ? extends Group> groups) {
        List<String> missing = new ArrayList<>();
        for (Site site : world.sites()) {
            Group group = groups.get(site);
            if (group == null || !group.isOpen()) {
                missing.add(site.toString());
            }
        }
        int members = groups.get(world.coordinator().site()) instanceof CoordinatorGroup group
                ? group.members().size()
                : 0;
        return missing.isEmpty() && members == world.members().size()
                ? null
                : "not in: " + missing + ", members: " + members + " of "
                        + world.members().size();
    }
}
