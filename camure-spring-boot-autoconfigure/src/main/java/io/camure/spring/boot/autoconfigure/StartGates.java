package io.camure.spring.boot.autoconfigure;

import io.camure.spring.boot.autoconfigure.CamureProperties.Group.Gate;
import java.util.List;
import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.SmartLifecycle;

/** The barriers at which this application meets others before it is ready. */
final class StartGates implements SmartLifecycle {

    private final List<StartGate> gates;
    private final ApplicationAvailability availability;
    private final ApplicationEventPublisher publisher;
    private boolean running;

    StartGates(SessionBindings sessions, ApplicationAvailability availability, ApplicationEventPublisher publisher) {
        this.availability = availability;
        this.publisher = publisher;
        gates = sessions.groups().stream()
                .filter(group -> group.plan().gate() == Gate.READINESS)
                .map(group -> new StartGate(group, this::onPassed))
                .toList();
        if (!gates.isEmpty() && !(availability instanceof GatedApplicationAvailability)) {
            throw new CamureConfigurationException(
                    "There is a group whose gate is readiness, but the application has an ApplicationAvailability bean of"
                            + " its own, which does not know of it: "
                            + availability.getClass().getName() + ".",
                    "Remove that bean, or the gate.");
        }
    }

    boolean arePassed() {
        return gates.stream().allMatch(StartGate::isPassed);
    }

    /** Those who listen to availability were told that the application is ready when it was started. */
    private void onPassed() {
        if (arePassed() && availability.getReadinessState() == ReadinessState.ACCEPTING_TRAFFIC) {
            AvailabilityChangeEvent.publish(publisher, this, ReadinessState.ACCEPTING_TRAFFIC);
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
