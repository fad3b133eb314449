;;; emacs.el -*- lexical-binding: t -*-
;; Lives a life in Emacs and writes what it shows to $EDITORTEST_OUT. How that
;; is asked depends on the client, which comes in a file of its own and defines
;;
;;   (editortest-start)       connects the current buffer to $EDITORTEST_GOPLS
;;   (editortest-found)       returns its diagnostics, as (BEGIN TYPE TEXT)
;;   (editortest-hover TEXT)  asks what lies at point, and returns the answer
;;                            once it contains TEXT, nil if it does not soon
;;
;; Without a command loop there are no idle timers and no post-command-hook, so
;; what a client does in those must be called.

(require 'json)
(require 'package)
(package-initialize)
(require 'go-mode)

(defun editortest-wait (seconds done)
  "Let processes and timers run until DONE returns non-nil, and return that."
  (let ((end (time-add nil seconds)) value)
    (while (and (not (setq value (funcall done))) (time-less-p nil end))
      (accept-process-output nil 0.05))
    value))

(defun editortest-timeout ()
  (/ (string-to-number (getenv "EDITORTEST_MS")) 1000.0))

(defun editortest-wait-for (text)
  "Wait for a diagnostic that contains TEXT, and return all."
  (unless (string-empty-p text)
    (editortest-wait (editortest-timeout)
                     (lambda ()
                       (seq-some (lambda (d) (string-search text (nth 2 d)))
                                 (editortest-found)))))
  (vconcat
   (mapcar (lambda (d)
             (save-excursion
               (goto-char (nth 0 d))
               `((lnum . ,(line-number-at-pos)) (col . ,(1+ (- (point) (line-beginning-position))))
                 (type . ,(nth 1 d)) (text . ,(nth 2 d)))))
           (editortest-found))))

(defun editortest-wait-hover (text)
  "Ask what lies at the place in question until the answer contains TEXT."
  (if (string-empty-p text)
      ""
    (goto-char (point-min))
    (forward-line (1- (string-to-number (getenv "EDITORTEST_HOVER_LINE"))))
    (forward-char (1- (string-to-number (getenv "EDITORTEST_HOVER_COLUMN"))))
    (or (editortest-wait (editortest-timeout) (lambda () (editortest-hover text)))
        "")))

(defun editortest-shows (text buffer)
  "Return what BUFFER has if it contains TEXT."
  (when (buffer-live-p buffer)
    (with-current-buffer buffer
      (let ((all (buffer-substring-no-properties (point-min) (point-max))))
        (and (string-search text all) all)))))

(defun editortest-live ()
  (find-file (getenv "EDITORTEST_FILE"))
  (editortest-start)
  (let* ((found (editortest-wait-for (getenv "EDITORTEST_UNTIL")))
         (hover (editortest-wait-hover (getenv "EDITORTEST_HOVER")))
         (insert (getenv "EDITORTEST_INSERT"))
         (after []))
    (unless (string-empty-p insert)
      (goto-char (point-max))
      (insert insert "\n")
      (save-buffer)
      (setq after (editortest-wait-for (getenv "EDITORTEST_UNTIL_AFTER"))))
    (with-temp-file (getenv "EDITORTEST_OUT")
      (insert (json-encode `((diagnostics . ,found) (hover . ,hover) (after . ,after)))))
    (save-buffers-kill-emacs)))
