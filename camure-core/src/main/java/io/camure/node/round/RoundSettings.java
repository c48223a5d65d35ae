package io.camure.node.round;

import io.camure.GroupConfig;
import io.camure.MemberLoss;
import io.camure.protocol.round.LossPolicy;

/** What groups with rounds take from the configuration. */
public final class RoundSettings {

    private RoundSettings() {}

    /**
     * What the loss of a member does.
     *
     * @param type what users call the type of the group
     * @throws IllegalArgumentException when the configuration has settings of broadcasts
     */
    public static LossPolicy lossPolicy(GroupConfig config, String type) {
        GroupConfig defaults = GroupConfig.defaults();
        if (config.slowMember() != defaults.slowMember()
                || !config.slowMemberPatience().equals(defaults.slowMemberPatience())) {
            throw new IllegalArgumentException("slowMember or slowMemberPatience is set, but the group is a " + type
                    + ", at which nobody is slow: leave them out, or create a broadcast");
        }
        return config.onMemberLoss() == MemberLoss.BREAK ? LossPolicy.BREAK : LossPolicy.CONTINUE;
    }
}
