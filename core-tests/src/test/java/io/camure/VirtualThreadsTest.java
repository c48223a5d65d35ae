package io.camure;

import static org.assertj.core.api.Assertions.assertThat;

import io.camure.test.support.LongWait;
import io.camure.test.support.SingleCarrier;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A virtual thread that waits lets others have its carrier; on Linux sockets, that is tested in their module. */
@Timeout(120)
@EnabledForJreRange(min = JRE.JAVA_21)
class VirtualThreadsTest {

    @ParameterizedTest
    @EnumSource
    void othersRunWhileAVirtualThreadWaits(LongWait wait) throws Exception {
        assertThat(SingleCarrier.tryDuring(wait, Transport.NIO)).isEqualTo(SingleCarrier.OTHERS_HAVE_RUN);
    }
}
