// Searches in a frame where the site is read from a folder: browsers start no worker there.
if (location.protocol === "file:") {
  window.Worker = class extends EventTarget {
    constructor(url) {
      super()
      this.frame = document.createElement("iframe")
      this.frame.hidden = true
      this.ready = new Promise(resolve => {
        this.frame.addEventListener("load", () => {
          const inside = this.frame.contentWindow
          inside.postMessage = data => {
            const event = new MessageEvent("message", {data})
            if (this.onmessage) this.onmessage(event)
            this.dispatchEvent(event)
          }
          const script = inside.document.createElement("script")
          script.addEventListener("load", () => resolve(inside))
          script.src = url
          inside.document.body.append(script)
        }, {once: true})
      })
      document.body.append(this.frame)
    }

    postMessage(data) {
      this.ready.then(inside => inside.dispatchEvent(new inside.MessageEvent("message", {data})))
    }

    terminate() {
      this.frame.remove()
    }
  }
}
