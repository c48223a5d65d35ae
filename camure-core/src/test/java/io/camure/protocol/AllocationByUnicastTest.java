package io.camure.protocol;

import io.camure.wire.GroupDelivery;

/** Nor does one whose member is served by unicast. */
class AllocationByUnicastTest extends AllocationTest {

    @Override
    GroupDelivery delivery() {
        return GroupDelivery.UNICAST;
    }
}
