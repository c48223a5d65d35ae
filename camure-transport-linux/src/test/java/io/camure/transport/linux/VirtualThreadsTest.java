package io.camure.transport.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.camure.Transport;
import io.camure.test.support.LongWait;
import io.camure.test.support.SingleCarrier;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A virtual thread that waits in a system call of this transport would hold its carrier, and so none does. */
@Timeout(120)
@EnabledOnOs(OS.LINUX)
class VirtualThreadsTest {

    @ParameterizedTest
    @EnumSource
    void othersRunWhileAVirtualThreadWaits(LongWait wait) throws Exception {
        assertThat(SingleCarrier.tryDuring(wait, Transport.LINUX)).isEqualTo(SingleCarrier.OTHERS_HAVE_RUN);
    }
}
