package io.camure.protocol;

import io.camure.wire.Capability;

/** What a build of camure can do that knows nothing of identified speech and proven addresses. */
final class EarlierBuild {

    static final int CAPABILITIES = Capability.ALL
            & ~Capability.HARDENED.mask()
            & ~Capability.HARDENED_ONLY.mask()
            & ~Capability.RECEIPT_PROOFS.mask()
            & ~Capability.HEADERS.mask()
            & ~Capability.ROUND_CONTEXTS.mask()
            & ~Capability.COLLECTIVE_CONTEXTS.mask();

    private EarlierBuild() {}
}
