package io.camure.spring.barrier;

import io.camure.spring.session.Gate;
import io.camure.spring.session.SessionBinding;
import io.camure.spring.session.SessionBindings;
import java.util.List;
import org.springframework.context.SmartLifecycle;

/** The barriers at which this application meets others before it is ready. */
public final class StartGates implements SmartLifecycle {

    private final List<StartGate> gates;
    private final Runnable onAllPassed;
    private boolean running;

    /** @param onAllPassed done each time that a gate is passed and no other one is left */
    public StartGates(SessionBindings sessions, Runnable onAllPassed) {
        this.onAllPassed = onAllPassed;
        gates = sessions.groups().stream()
                .filter(group -> group.definition().gate() == Gate.READINESS)
                .map(group -> new StartGate(group, this::onPassed))
                .toList();
    }

    /** Whether there is any gate. */
    public boolean isEmpty() {
        return gates.isEmpty();
    }

    public boolean arePassed() {
        return gates.stream().allMatch(StartGate::isPassed);
    }

    private void onPassed() {
        if (arePassed()) {
            onAllPassed.run();
        }
    }

    @Override
    public synchronized void start() {
        running = true;
        gates.forEach(StartGate::start);
    }

    @Override
    public synchronized void stop() {
        gates.forEach(StartGate::stop);
        running = false;
    }

    @Override
    public synchronized boolean isRunning() {
        return running;
    }

    /** After the sessions, so that it stops before them. */
    @Override
    public int getPhase() {
        return SessionBinding.PHASE + 2;
    }
}
