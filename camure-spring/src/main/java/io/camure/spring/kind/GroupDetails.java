package io.camure.spring.kind;

import io.camure.Node;
import java.util.Map;
import java.util.function.Function;

/**
 * What is told of a group beside what all groups have. Values are text, numbers, truth values, and lists and maps of them;
 * their names end with their unit.
 *
 * @param ofGroup by name
 * @param ofMember by name, for a member of the group that the coordinator knows
 */
public record GroupDetails(Map<String, Object> ofGroup, Function<Node, Map<String, Object>> ofMember) {

    /** Below this name, at whatever depth, is what the application's own values are: for those only who may see values. */
    public static final String VALUES = "values";

    /** At a member, which knows no others. */
    public GroupDetails(Map<String, Object> ofGroup) {
        this(ofGroup, member -> Map.of());
    }
}
