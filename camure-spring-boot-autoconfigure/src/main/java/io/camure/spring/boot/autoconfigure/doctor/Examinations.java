package io.camure.spring.boot.autoconfigure.doctor;

import io.camure.Coordinator;
import io.camure.doctor.Doctor;
import io.camure.doctor.Report;
import io.camure.spring.boot.autoconfigure.doctor.DoctorDescriptor.SessionReport;
import io.camure.spring.session.MemberLifecycle;
import io.camure.spring.session.SessionBinding;
import io.camure.spring.session.SessionBindings;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Has the doctor examine the sessions of this application, with their own configuration. One at a time; thread-safe. */
public final class Examinations {

    private final SessionBindings sessions;

    Examinations(SessionBindings sessions) {
        this.sessions = sessions;
    }

    /**
     * Examines all of them, one after the other, which takes some seconds each.
     *
     * @throws InterruptedException when the thread is interrupted
     */
    public DoctorDescriptor examineAll() throws InterruptedException {
        List<SessionReport> reports = new ArrayList<>();
        for (SessionBinding session : sessions.all()) {
            reports.add(describe(session));
        }
        return new DoctorDescriptor(Instant.now(), reports);
    }

    private SessionReport describe(SessionBinding session) throws InterruptedException {
        try {
            return new SessionReport(session.sessionName(), examine(session), null);
        } catch (IOException e) {
            return new SessionReport(session.sessionName(), null, String.valueOf(e.getMessage()));
        }
    }

    /** A member need not be in its session: why it is not may be the question. */
    synchronized Report examine(SessionBinding session) throws IOException, InterruptedException {
        if (session instanceof MemberLifecycle member) {
            return Doctor.examine(member.locator(), member.config(), Duration.ZERO);
        } else if (session.current() instanceof Coordinator coordinator) {
            return Doctor.examine(coordinator);
        }
        throw new IOException(session.name() + ": the session is not running");
    }
}
