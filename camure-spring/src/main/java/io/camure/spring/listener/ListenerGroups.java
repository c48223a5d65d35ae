package io.camure.spring.listener;

import io.camure.spring.CamureConfigurationException;
import io.camure.spring.broadcast.BroadcastKind;
import io.camure.spring.kind.Role;
import io.camure.spring.session.GroupBinding;
import io.camure.spring.session.SessionBindings;
import java.util.List;

/** Finds the groups that listeners name, and tells what to change where that is not possible. */
final class ListenerGroups {

    private ListenerGroups() {}

    /** @throws CamureConfigurationException when there is no such group that has messages here */
    static GroupBinding require(String listener, String name, SessionBindings sessions) {
        String problem = listener + " listens to group '" + name + "', but ";
        if (sessions.all().isEmpty()) {
            throw new CamureConfigurationException(
                    problem + "there is no camure session.",
                    "Set camure.role to member, and the group in camure.groups; or set camure.enabled to false.");
        }
        List<String> broadcasts = sessions.groups().stream()
                .filter(group -> BroadcastKind.is(group.definition().kind()))
                .map(GroupBinding::name)
                .toList();
        GroupBinding group = sessions.group(name)
                .orElseThrow(() -> new CamureConfigurationException(
                        problem + "camure.groups has no such group.",
                        "Name one of its broadcast groups, which are " + broadcasts + ", or add this one."));
        if (!BroadcastKind.is(group.definition().kind())) {
            throw new CamureConfigurationException(
                    problem + "that is a " + group.definition().kind().name() + ", which has no messages.",
                    "Name one of the broadcast groups, which are " + broadcasts
                            + ", or have the group injected and use it.");
        }
        if (group.session().role() == Role.COORDINATOR) {
            String role = group.session().prefix() + "role";
            throw new CamureConfigurationException(
                    problem + "this application is the coordinator, which sends broadcasts and receives none.",
                    "Set " + role + " to member, or leave this bean out of the coordinator, for example by"
                            + " @ConditionalOnProperty(name = \"" + role + "\", havingValue = \"member\").");
        }
        return group;
    }
}
