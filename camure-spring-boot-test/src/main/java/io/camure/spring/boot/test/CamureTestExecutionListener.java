package io.camure.spring.boot.test;

import io.camure.test.CamureTestNetwork;
import io.camure.test.CamureTestPeer;
import java.util.ArrayList;
import java.util.List;
import org.springframework.context.ApplicationContext;
import org.springframework.core.Ordered;
import org.springframework.test.context.TestContext;
import org.springframework.test.context.support.AbstractTestExecutionListener;

/** Leaves nothing of a test method to the next one of the same application context. */
final class CamureTestExecutionListener extends AbstractTestExecutionListener {

    private static final String PEERS_BEFORE = CamureTestExecutionListener.class.getName() + ".peers";

    @Override
    public int getOrder() {
        return Ordered.LOWEST_PRECEDENCE - 100;
    }

    @Override
    public void beforeTestMethod(TestContext testContext) {
        if (testContext.hasApplicationContext()) {
            testContext
                    .getApplicationContext()
                    .getBeanProvider(CamureTestNetwork.class)
                    .ifUnique(network -> testContext.setAttribute(PEERS_BEFORE, network.peers()));
        }
    }

    @Override
    public void afterTestMethod(TestContext testContext) {
        Object before = testContext.removeAttribute(PEERS_BEFORE);
        if (before instanceof List<?> peersBefore && testContext.hasApplicationContext()) {
            ApplicationContext context = testContext.getApplicationContext();
            CamureTestNetwork network = context.getBean(CamureTestNetwork.class);
            network.repair();
            List<CamureTestPeer> made = new ArrayList<>(network.peers());
            made.removeAll(peersBefore);
            for (int i = made.size() - 1; i >= 0; i--) {
                made.get(i).close();
            }
            context.getBeanProvider(CamureListenerHarness.class).ifUnique(CamureListenerHarness::clear);
            context.getBeanProvider(CamureTestEvents.class).ifUnique(CamureTestEvents::clear);
        }
    }
}
