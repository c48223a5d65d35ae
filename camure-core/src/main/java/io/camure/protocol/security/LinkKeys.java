package io.camure.protocol.security;

/**
 * What the coordinator has of a link to a member.
 *
 * @param sealing what it says to the member
 * @param opening what the member says
 * @param code shows the member that what is for all is from this coordinator
 */
record LinkKeys(LinkSealing sealing, LinkOpening opening, MemberCode code) {

    /** @param split what both sides have agreed on */
    LinkKeys(SealingCipher cipher, int link, byte[][] split, KeyLimits limits, long nowNanos) {
        this(
                new LinkSealing(LinkDirection.toMember(cipher), link, split[1], limits, nowNanos),
                new LinkOpening(LinkDirection.toCoordinator(cipher), split[0]),
                new MemberCode(split[1]));
    }
}
