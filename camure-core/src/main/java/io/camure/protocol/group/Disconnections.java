package io.camure.protocol.group;

import io.camure.protocol.base.Disconnection;
import io.camure.wire.GroupType;
import io.camure.wire.WireText;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What the reason in a GroupDisconnected means for a member. */
final class Disconnections {

    private static final int LONGEST_PRINTED_REASON = 100;

    private Disconnections() {}

    /**
     * @param wanted what the member calls the group
     * @param id the group's
     * @param type what the member takes the group for
     */
    static Disconnection of(String reason, GroupLabel wanted, int id, GroupType type) {
        String otherName = DisconnectReason.nameAtCoordinator(reason);
        if (otherName != null) {
            return new Disconnection(
                    Disconnection.Cause.WRONG_GROUP_NAME,
                    "the coordinator calls the group with the id " + id + " " + printable(otherName)
                            + ", and this node calls it " + wanted.name()
                            + ". Give the group the same name on both, or correct the id");
        }
        return switch (reason) {
            case DisconnectReason.CLOSED ->
                new Disconnection(Disconnection.Cause.GROUP_CLOSED, "the coordinator closed the group");
            case DisconnectReason.WRONG_GROUP_TYPE ->
                new Disconnection(
                        Disconnection.Cause.WRONG_GROUP_TYPE,
                        "at the coordinator it is a " + othersThan(type)
                                + ". Give the group the same type on both, or correct the id");
            case DisconnectReason.TOO_SLOW ->
                new Disconnection(
                        Disconnection.Cause.TOO_SLOW,
                        "the coordinator evicted this member, since it was too slow for the broadcast");
            case DisconnectReason.UNPROVEN ->
                new Disconnection(
                        Disconnection.Cause.EVICTED,
                        "the coordinator evicted this member, since it has taken messages that somebody else has sent in the"
                                + " coordinator's name. Seal the session, or see who sends to its multicast address");
            default ->
                new Disconnection(
                        Disconnection.Cause.EVICTED,
                        "the coordinator evicted this member: \"" + printable(reason) + "\"");
        };
    }

    private static String othersThan(GroupType type) {
        return Arrays.stream(GroupType.values())
                .filter(other -> other != type)
                .map(other -> other.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(" or a "));
    }

    /** What comes from the network goes into logs and messages: of a sensible length, and fit to be printed. */
    private static String printable(String text) {
        return WireText.printable(text.substring(0, Math.min(text.length(), LONGEST_PRINTED_REASON)));
    }
}
