package io.camure.spring.boot.autoconfigure.doctor;

import io.camure.doctor.Report;
import io.camure.doctor.Status;
import io.camure.spring.MemberDeafEvent;
import io.camure.spring.session.SessionBinding;
import io.camure.spring.session.SessionBindings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.event.EventListener;

/** Examines a session once, by itself, when a member turns out not to hear what is sent to all, and logs the report. */
final class DoctorOnCall implements DisposableBean {

    private static final Logger log = LoggerFactory.getLogger(DoctorOnCall.class);

    private final SessionBindings sessions;
    private final Examinations examinations;

    /** Both guarded by this. */
    private final Set<SessionBinding> examined = new HashSet<>();

    private final List<Thread> threads = new ArrayList<>();

    DoctorOnCall(SessionBindings sessions, Examinations examinations) {
        this.sessions = sessions;
        this.examinations = examinations;
    }

    /** The thread that publishes an event has other things to do. */
    @EventListener
    synchronized void onDeaf(MemberDeafEvent event) {
        // It may be an event of a context below this one.
        sessions.session(event.session())
                .filter(session -> session.name().equals(event.node()) && examined.add(session))
                .ifPresent(session -> {
                    Thread thread = new Thread(() -> examine(session), "camure-" + session.name() + "-doctor");
                    thread.setDaemon(true);
                    threads.add(thread);
                    thread.start();
                });
    }

    private void examine(SessionBinding session) {
        try {
            Report report = examinations.examine(session);
            if (report.status() == Status.GREEN) {
                log.info("{}: {}", session.name(), report);
            } else {
                log.warn("{}: {}", session.name(), report);
            }
        } catch (InterruptedException e) {
            log.debug("{}: the doctor was sent away", session.name());
        } catch (IOException | RuntimeException e) {
            log.debug("{}: the doctor can't examine the session", session.name(), e);
        }
    }

    @Override
    public void destroy() throws InterruptedException {
        List<Thread> ending;
        synchronized (this) {
            ending = List.copyOf(threads);
        }
        for (Thread thread : ending) {
            thread.interrupt();
            TimeUnit.SECONDS.timedJoin(thread, 1);
        }
    }
}
