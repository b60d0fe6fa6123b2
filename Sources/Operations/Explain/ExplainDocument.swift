import Mail
import Retention
import VCLDatabase

/// An explanation as one JSON document.
struct ExplainDocument {
  let explanation: Explanation

  private var revision: NamedRevision { explanation.revision }
  private var history: RevisionHistory { explanation.history }
  private var clock: Clock { explanation.clock }

  func json() throws -> String {
    try JSONOutput.text(
      JSONValue.object([
        "today": .text(explanation.today.description), "mode": .text(explanation.mode.rawValue),
        "revision": facts, "reservation": reservation, "criteria": criteria, "holds": holds,
        "image_revisions": siblings, "decision": decision,
        "usage_problem": JSONValue(explanation.distrust.map { "\($0)" }),
        "outlook": JSONValue(Outlook(explanation: explanation).sentences),
        "events": .list(history.events.map(event)), "notices": .list(history.notices.map(notice)),
        "keeps": .list(history.keeps.map { $0.json(clock) }),
      ]))
  }

  private var facts: JSONValue {
    .object([
      "revision_id": .number(revision.id), "image_id": .number(revision.imageID),
      "image": .text(HTMLEntities.decodedOnce(revision.image)), "image_name": .text(revision.imageName),
      "imagename": .text(revision.fileName), "revision": .number(revision.number),
      "class": JSONValue(explanation.judgement?.age.revisionClass.rawValue),
      "production": .truth(revision.isProduction), "owner": JSONValue(revision.owner?.account.description),
      "created": day(revision.createdOn), "last_use": time(explanation.lastUse.moment),
      "expiredate": day(revision.expireDate), "deleted": .truth(revision.isDeleted),
      "datedeleted": time(history.flag?.dateDeleted),
      "flagged_by_run": JSONValue(history.flag?.flaggedByRun), "restorable": .truth(explanation.isRestorable),
    ])
  }

  private var reservation: JSONValue {
    guard let reservation = history.newestReservation else { return nil }
    return .object([
      "log_id": .number(reservation.logID), "user": JSONValue(reservation.user?.description),
      "start": time(reservation.start), "end": time(reservation.end), "ending": .text(reservation.ending),
    ])
  }

  private var criteria: JSONValue {
    guard let judgement = explanation.judgement else { return nil }
    let age = judgement.age
    let blockers = judgement.blockers?.map { blocker in
      JSONValue.object([
        "revision_id": .number(blocker.revisionID), "revision": .number(blocker.number),
        "imagename": JSONValue(explanation.fileName(of: blocker.revisionID)),
        "reasons": JSONValue(blocker.reasons.map(\.rawValue)),
      ])
    }
    return .object([
      "parameter": .text(age.parameter), "since": day(age.since), "days": JSONValue(age.days),
      "limit": .number(age.limit), "met": .truth(age.isMet), "met_on": day(age.metOn),
      "newer_revisions": .number(judgement.newerRevisions), "keep_newest": .number(judgement.keepNewest),
      "newest_kept": .truth(judgement.isNewestKept),
      "whole_image_blockers": blockers.map { .list($0) } ?? nil,
    ])
  }

  private var siblings: JSONValue {
    .list(
      explanation.siblings.map { sibling in
        .object([
          "revision_id": .number(sibling.id), "imagename": .text(sibling.fileName),
          "production": .truth(sibling.isProduction), "deleted": .truth(sibling.isDeleted),
        ])
      })
  }

  private var holds: JSONValue {
    .list(
      (explanation.decision?.holds ?? []).map {
        .object(["reason": .text($0.reason.rawValue), "holder": .text($0.holder)])
      })
  }

  private var decision: JSONValue {
    guard explanation.distrust == nil, let decision = explanation.decision else { return nil }
    return .object([
      "decision": .text(decision.kind.rawValue), "reasons": JSONValue(decision.reasons.map(\.rawValue)),
      "new_expiredate": day(decision.newExpireDate), "whole_image": .truth(decision.wholeImage),
      "restore": .truth(decision.isRestore), "keep_until": day(decision.keepUntil),
    ])
  }

  private func event(_ event: EventRecord) -> JSONValue {
    .object([
      "kind": .text(event.kind), "happened": time(event.happened), "actor": .text(event.actor),
      "run_id": JSONValue(event.runID), "reasons": JSONValue(event.reasons), "expiredate": day(event.newDate),
      "previous_date": day(event.oldDate), "datedeleted": time(event.dateDeleted),
      "whole_image": .truth(event.wholeImage), "keep": KeepFacts(event)?.document ?? nil,
    ])
  }

  private func notice(_ notice: NoticeRecord) -> JSONValue {
    .object([
      "mail_id": .number(notice.mailID), "change": .text(notice.change), "expiredate": day(notice.expireDate),
      "previous_date": day(notice.previousDate), "queued_at": time(notice.queuedAt),
      "recipient": .text(notice.recipient), "to": JSONValue(notice.addresses), "status": .text(notice.status),
      "accepted_on": day(notice.acceptedOn), "reply": JSONValue(notice.reply),
    ])
  }

  private func day(_ day: Day?) -> JSONValue { JSONValue(day?.description) }
  private func time(_ moment: Moment?) -> JSONValue { JSONValue(clock.text(moment)) }
}
