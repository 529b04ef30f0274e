;;; session.el --- what the tests of both clients need  -*- lexical-binding: t -*-

;;; Code:

(require 'ert)

(defmacro session-wait-for (what)
  "Let processes speak until WHAT is not nil, and return it."
  `(with-timeout (20 (error "Not within 20 s: %S" ',what))
     (let (found)
       (while (not (setq found ,what))
         (accept-process-output nil 0.02))
       found)))

(defun session-visit ()
  "Visit the project's file; each test gets it as it is on disk."
  (when-let* ((visited (get-buffer "prices.py")))
    (with-current-buffer visited
      (set-buffer-modified-p nil)
      (kill-buffer)))
  (find-file "prices.py"))

(defun session-text-before (word)
  "Go behind WORD and return the text from the beginning up to there."
  (goto-char (point-min))
  (search-forward word)
  (buffer-substring-no-properties (point-min) (point)))

(provide 'session)
;;; session.el ends here
